"""What the pages of roads show: sentences, figures, charts with tables, maps."""

from folkmoot.services.highways.roads.presenters.scheme import changed as scheme_changes
from folkmoot.services.highways.roads.presenters.scheme import editor, ranking, scheme, summary, told
from folkmoot.services.highways.roads.presenters.study import listed, selected, study

__all__ = ["editor", "listed", "ranking", "scheme", "scheme_changes", "selected", "study", "summary", "told"]
