"""Mails that come in: reports of mail servers, complaints, wishes to leave and to subscribe.

Anybody can send such a mail and write anything into it. So the only thing of it that is believed is a signed address of
ours (subscribers/return_addresses.py); docs/decisions/0031 says why, docs/inbound-mail.md how they get here.
"""
