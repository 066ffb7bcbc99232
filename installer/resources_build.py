"""Build step for setuptools: the wheel carries resources/ as crmdesk/_resources.

In the checkout and in an editable install the program reads resources/ where it lies; only a built
package needs the copy. Named in pyproject.toml, [tool.setuptools.cmdclass].
"""

from __future__ import annotations

from pathlib import Path

from setuptools.command.build_py import build_py

SOURCE = Path("resources")
TARGET = Path("crmdesk", "_resources")


class BuildWithResources(build_py):
    """`build_py` that also copies the resources, and names them as sources for the sdist."""

    editable_mode: bool

    def run(self) -> None:
        """Copy the modules, then the resources."""
        super().run()
        if not self.editable_mode:
            for source, target in self._resources().items():
                self.mkpath(str(Path(target).parent))
                self.copy_file(source, target)

    def get_source_files(self) -> list[str]:
        """Return every file an sdist needs to build the wheel again."""
        sources: list[str] = super().get_source_files()
        return [*sources, *self._resources(), "installer/resources_build.py"]

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """Return the files this step writes."""
        outputs: list[str] = super().get_outputs(include_bytecode)
        return outputs if self.editable_mode else [*outputs, *self._resources().values()]

    def get_output_mapping(self) -> dict[str, str]:
        """Return target -> source; an editable install leaves the resources where they are."""
        mapping: dict[str, str] = super().get_output_mapping()
        if not self.editable_mode:
            mapping |= {target: source for source, target in self._resources().items()}
        return mapping

    def _resources(self) -> dict[str, str]:
        """Map each resource file to its place in the build folder."""
        target = Path(self.build_lib, TARGET)
        return {
            path.as_posix(): str(target / path.relative_to(SOURCE))
            for path in sorted(SOURCE.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }
