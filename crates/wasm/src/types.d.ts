// written with the page: see scenario.md
