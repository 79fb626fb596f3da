"""A PostgreSQL server and a Spark session of our own, seen by nobody else."""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

# Whoever asks for a session first decides where its tables lie: not in the folder of the project.
_WAREHOUSE = tempfile.mkdtemp(prefix="gapless-warehouse-")
atexit.register(shutil.rmtree, _WAREHOUSE, ignore_errors=True)
os.environ["PYSPARK_SUBMIT_ARGS"] = f"--conf spark.sql.warehouse.dir={_WAREHOUSE} pyspark-shell"


@pytest.fixture(scope="session")
def postgres() -> Iterator[psycopg.Connection[Any]]:
    """A server of our own on a socket in a temporary folder; there must be one to start.

    None of pytest's folders: another run that starts meanwhile closes these to the server's user.
    """
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert programs, "PostgreSQL is not installed: apt-get install postgresql"
    folder = Path(tempfile.mkdtemp(prefix="gapless-postgres-"))
    data, socket = folder / "data", folder / "socket"
    socket.mkdir()
    as_owner = _owner(folder)
    program = programs[-1]
    _run(*as_owner, program / "initdb", "-D", data, "-A", "trust", "-U", "gapless", "-E", "UTF8")
    options = f"-k {socket} -c listen_addresses='' -c fsync=off -c jit=off"
    start = (program / "pg_ctl", "-D", data, "-o", options, "-w", "-l", folder / "log", "start")
    _run(*as_owner, *start)
    try:
        with psycopg.connect(
            host=str(socket), user="gapless", dbname="postgres", autocommit=True
        ) as connection:
            yield connection
    finally:
        _run(*as_owner, program / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def _owner(folder: Path) -> tuple[str, ...]:
    """PostgreSQL refuses to run as root: then its own user owns the folder."""
    if os.geteuid() != 0:
        return ()
    user = pwd.getpwnam("postgres")
    for path in (folder, *folder.iterdir()):
        os.chown(path, user.pw_uid, user.pw_gid)
    return ("runuser", "-u", "postgres", "--")


def _run(*words: str | Path) -> None:
    done = subprocess.run(
        [*map(str, words)], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert done.returncode == 0, done.stderr.decode()


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """Spark within this process, reachable from nowhere."""
    assert shutil.which("java"), "Spark needs Java"
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.log.level": "OFF",
    }
    builder = SparkSession.builder.master("local[2]").appName("gapless tests")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    yield session
    session.stop()
