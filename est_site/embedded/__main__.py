"""python -m est_site.embedded up|down|status|env [--dir var] [--test]

`env` starts what is missing and prints the variables that lead to it, as lines for a shell.
"""

import argparse
import shlex
import sys
from pathlib import Path

from est_site.embedded import Services, Unavailable


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m est_site.embedded", description="PostgreSQL and Valkey of this checkout"
    )
    parser.add_argument("command", choices=("up", "down", "status", "env"))
    parser.add_argument("--dir", default="var", help="the folder that holds the data (default: var)")
    parser.add_argument("--test", action="store_true", help="the servers of the tests, in the folder 'test' inside it")
    options = parser.parse_args()
    try:
        services = Services(Path(options.dir, "test") if options.test else Path(options.dir), throwaway=options.test)
        if options.command in ("up", "env"):
            variables = services.up()
            if options.command == "env":
                print("\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items()))
        elif options.command == "down":
            services.down()
        else:
            print(services.status())
    except Unavailable as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
