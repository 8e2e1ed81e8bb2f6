"""README.md is the site's first page, links that leave docs/ lead to the repository, and cells of tables may contain pipes, as on GitHub."""

import re
from pathlib import Path

from mkdocs.structure.files import File

LINK = re.compile(r"(\]\()([^)\s:#]+)((?:#[^)\s]*)?\))")
CELL = re.compile(r"<td.*?</td>", re.DOTALL)


def on_files(files, config):
    readme = Path(config.config_file_path).with_name("README.md").read_text(encoding="utf-8")
    files.append(File.generated(config, "index.md", content=LINK.sub(lambda link: _from_root(link, config), readme)))
    return files


def on_page_markdown(markdown, page, config, files):
    return LINK.sub(lambda link: _from_docs(link, config), markdown)


def on_page_content(html, page, config, files):
    return CELL.sub(lambda cell: cell.group().replace("\\|", "|"), html)


def _from_root(link, config):
    begin, target, end = link.groups()
    if target.startswith("docs/"):
        return begin + target[len("docs/"):] + end
    return begin + _in_repository(target, config) + end


def _from_docs(link, config):
    begin, target, end = link.groups()
    if target.startswith("../"):
        return begin + _in_repository(target[len("../"):], config) + end
    return link.group()


def _in_repository(path, config):
    return f"{config.repo_url.rstrip('/')}/blob/main/{path}"
