import CommandLine
import Glibc

exit(await Program.run())
