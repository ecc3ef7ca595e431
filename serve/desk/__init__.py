"""The dispatch desk: server-rendered pages in Indonesian."""

from serve.desk import (
    account_page,
    arrival_page,
    help_page,
    model_page,
    overview_page,
    queue_page,
    review_page,
    try_page,
)

ROUTERS = (
    queue_page.pages,
    arrival_page.pages,
    overview_page.pages,
    review_page.pages,
    try_page.pages,
    help_page.pages,
    model_page.pages,
    account_page.pages,
)
