"""The migrations as they were written one by one, for what has to be seen of a site that upgrades."""

from django.db.migrations.loader import MigrationLoader


class StepByStep(MigrationLoader):
    """What a loader makes of the folder without the migrations that replace others."""

    def load_disk(self) -> None:
        super().load_disk()
        replacing = {key: migration for key, migration in self.disk_migrations.items() if migration.replaces}
        for key in replacing:
            del self.disk_migrations[key]
        for migration in self.disk_migrations.values():
            migration.dependencies = [
                replacing[dependency].replaces[-1] if dependency in replacing else dependency
                for dependency in migration.dependencies
            ]
