"""The scene of a request: who, in which pose, with what, before what."""

from lumiku_contracts import Call, NotFound, Refused
from lumiku_contracts.resources import Avatar
from lumiku_contracts.scene import Scene
from lumiku_contracts.wardrobe import uncovered
from lumiku_pose_generator.cast import cast
from lumiku_pose_generator.product import shown
from lumiku_pose_generator.request import Generate, known
from lumiku_pose_generator.wanted import Wanted, of_library

NAMED = 5
"""How many unfit poses a refusal names."""


def staged(asked: Generate, sought: Wanted, avatar: Avatar) -> Scene:
    """The plain scene: this avatar in this pose, as the request wants to see it.

    Raises `Refused` where the product cannot be in it.
    """
    view = asked.camera.model_dump(exclude_none=True)
    camera, product = sought.camera.model_copy(update=view), asked.product
    if product is not None:
        camera = product.seen_by(asked.camera.framing, camera, sought.pose)
    look = avatar.appearance
    if asked.outfit is not None:
        look = look.model_copy(update={"outfit": asked.outfit})
    scene = Scene(
        pose=sought.pose,
        appearance=look,
        expression=asked.expression or sought.expression or avatar.expression,
        camera=camera,
        backdrop=asked.background.backdrop(),
    )
    return scene if product is None else shown(product, scene)


def check(call: Call, request: Generate) -> None:
    """Refuse who or what this viewer cannot use, bare clothes, and unfit poses.

    What words or a photo show is not known yet: the job itself looks.
    """
    _covered(request)
    who = cast(request, call.viewer.id, call.read)
    try:
        avatar: Avatar = call.resource("avatar").get(who.id)
    except NotFound as missing:
        raise Refused(
            "unknown-avatar",
            f"There is no avatar “{who.id}” that you can use.",
            fix="Choose a preset, or make an avatar first.",
        ) from missing
    if request.shown[0] is None or request.mode != "gallery":
        return
    for place in range(len(request.shown)):
        _fits(request.of({"product": place}), avatar)


def _fits(request: Generate, avatar: Avatar) -> None:
    """Refuse poses that cannot show the request's one product."""
    unfit: dict[str, Refused] = {}
    for pose_id in request.chosen:
        try:
            staged(request, of_library(known(pose_id)), avatar)
        except Refused as refusal:
            unfit[pose_id] = refusal
    if unfit:
        raise _said(unfit, len(request.chosen))


def _covered(request: Generate) -> None:
    bare = uncovered(request.outfit) if request.outfit is not None else ()
    if bare:
        raise Refused(
            "uncovered",
            f"The outfit leaves the {' and the '.join(bare)} uncovered.",
            fix="Add a top, and trousers, shorts or a skirt, to the outfit.",
        )


def _said(unfit: dict[str, Refused], wanted: int) -> Refused:
    """The first refusal, with the poses that it is about where there are several."""
    first = next(iter(unfit.values()))
    if wanted == 1:
        return first
    named = ", ".join(known(pose_id).name for pose_id in [*unfit][:NAMED])
    more = f" and {len(unfit) - NAMED} more" if len(unfit) > NAMED else ""
    return Refused(
        first.code,
        f"{len(unfit)} of the {wanted} poses cannot show the product ({named}{more}): "
        f"{first.detail}",
        status=first.status,
        fix=first.fix,
    )
