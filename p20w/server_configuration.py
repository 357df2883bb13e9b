"""What the embedded server is told: memory, safety, and nothing of a row in its log.

Source: https://www.postgresql.org/docs/18/runtime-config.html.
"""

from __future__ import annotations

import sys

# DETAIL, parameters, failed statements and messages of casts print rows: never into the log.
LEAK_GUARDS = {
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}


def server_configuration(memory_mb: int, *, durable: bool) -> dict[str, str]:
    """Settings of the server by name.

    Args:
        memory_mb: Memory of the machine.
        durable: False turns fsync off; a killed server still loses nothing, a power cut may.
    """
    configuration = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "shared_buffers": f"{max(64, min(1024, memory_mb // 8))}MB",
        "work_mem": "64MB",
        "maintenance_work_mem": "256MB",
        "max_wal_size": "4GB",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_connections": "200",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "jit": "off",
        "fsync": "on" if durable else "off",
        # A backend whose client was killed ends, whatever it waits for or computes.
        "client_connection_check_interval": "2s",
        **LEAK_GUARDS,
    }
    if sys.platform == "linux":
        # After a crash: one call for all files instead of one for each, which takes many seconds.
        configuration["recovery_init_sync_method"] = "syncfs"
    return configuration
