"""Work behind the pages: delivering mail, announcing what time brings, deleting what was kept long enough."""
