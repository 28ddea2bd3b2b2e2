"""What a picture shows of the viewer's own: a backdrop, a product."""

from collections.abc import Mapping
from typing import Any

from lumiku_contracts import Task
from lumiku_contracts.images import UploadId
from lumiku_pose_generator.background import PICTURE as BEHIND
from lumiku_pose_generator.background import Background
from lumiku_pose_generator.product import PICTURE as PRODUCT
from lumiku_pose_generator.product import Product

Pictures = dict[str, bytes]
"""By the names that a scene calls them."""


def backdrop(task: Task[Any], background: Background) -> Pictures:
    """The picture behind the person, if it is one."""
    ident = background.upload_id
    return {} if ident is None else {BEHIND: task.upload(ident).content}


def ware(task: Task[Any], product: Product | None) -> tuple[Pictures, tuple[str, ...]]:
    """The product's picture, and what has to be said of it; raises `Refused`."""
    if product is None:
        return {}, ()
    from lumiku_pose_generator.cutting import prepared  # noqa: PLC0415 (for runners)

    content, warning = prepared(task.upload(product.upload_id).content, product)
    return {PRODUCT: content}, (warning,) if warning else ()


def told(background: Background, product: Product | None) -> dict[str, Any]:
    """What has to be known of them to draw the picture again, for its `meta`."""
    out: dict[str, Any] = {}
    if background.upload_id is not None:
        out["background_upload_id"] = background.upload_id
    if product is not None:
        out["product"] = product.model_dump(mode="json", exclude_none=True)
    return out


def backdrop_again(task: Task[Any], meta: Mapping[str, Any]) -> Pictures:
    """The picture behind the person of a picture made before."""
    ident = meta.get("background_upload_id")
    return {} if ident is None else {BEHIND: task.upload(UploadId(ident)).content}


def ware_again(task: Task[Any], meta: Mapping[str, Any]) -> Pictures:
    """The product of a picture made before."""
    known = meta.get("product")
    return {} if known is None else ware(task, Product.model_validate(known))[0]
