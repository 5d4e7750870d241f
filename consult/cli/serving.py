"""`consult serve` and `consult demo`."""

import os
import socket
from contextlib import nullcontext

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from consult.cli.running import application, as_json, failed, print_json
from consult.cli.worker import companion
from consult.config import read_settings
from consult.demo.seeding import Demo, seed
from consult.models.schema import upgrade

host_option = click.option("--host", default="127.0.0.1", show_default=True)
port_option = click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))


@click.command()
@host_option
@port_option
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 256), help="In each worker.")
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve in production: several workers with several threads each.

    On the embedded default (SQLite, no Redis) it also delivers mail; else run `consult worker` beside it.
    """
    with application():
        pass  # a sentence about a missing database now is better than five hundred errors later
    run_server(host, port, workers, threads)


@click.command()
@host_option
@port_option
@click.option("--no-serve", is_flag=True, help="Only make the data.")
@as_json
def demo(host: str, port: int, *, no_serve: bool, is_json: bool) -> None:
    """Make a demonstration and serve it until Ctrl-C; a second run keeps what is there."""
    with application(needs_schema=False) as app:
        upgrade(app)
        made = seed(app.extensions["consult_settings"].instance, progress=not is_json)
    if is_json:
        print_json({"accounts": made.accounts, "consultations": made.consultations})
    else:
        _print(made, host, port)
    if not no_serve:
        run_server(host, port, workers=1, threads=4)


def _print(made: Demo, host: str, port: int) -> None:
    click.echo("\nSign in as")
    for account in made.accounts:
        click.echo(f"  {account['role']:<14} {account['email']:<26} password: {account['password']}")
    click.echo(f"\nOpen http://{host}:{port}/   (Ctrl-C ends)\n")


def run_server(host: str, port: int, workers: int, threads: int) -> None:
    """Serve until a signal ends it; the port is tried first, since the server would share it silently."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            failed(f"Port {port} of {host} cannot be used ({error.strerror}). Try another one with --port.")
    os.environ.setdefault("CONSULT_BASE_URL", f"http://{host}:{port}")
    server = Granian(
        "consult.app:application",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=workers,
        blocking_threads=threads,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
    )
    with companion() if read_settings().is_embedded else nullcontext():
        server.serve()
