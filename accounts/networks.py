"""Where a request comes from, no more exactly than a limit needs to know."""

import ipaddress
from typing import Any


def network_of(request: Any) -> str:
    """Return the network somebody asks from: an IPv4 /24 or an IPv6 /48, which one customer may hold as a whole."""
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return "unknown"
    return network_around(address)


def network_around(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """Return the network that an address lies in, as `network_of` does."""
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))
