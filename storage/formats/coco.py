"""COCO-like JSON: a picture per labelled frame, an annotation per label, categories from 1."""

import tempfile
from collections.abc import Callable, Iterator

from storage.formats.labelfile import Extra, FileClip
from storage.formats.outgoing import Outgoing, Part, clip_keys, json_list, json_text, noted


def write(out: Outgoing) -> Iterator[Part]:
    """The whole dataset as one file. There is no agreed COCO for events: boxes are missing, not made up."""
    yield Part(name=f"{out.name}.json", text=_text(out))


def _text(out: Outgoing) -> Iterator[str]:
    """Pictures as they come; the smaller videos and, from a file meanwhile, the annotations after them."""
    categories = {name: i for i, name in enumerate(out.classes, 1)}
    videos: list[Extra] = []
    with tempfile.TemporaryFile("w+", encoding="utf-8") as annotations:
        yield '{"images": '
        yield from json_list(_images(out, categories, videos, annotations.write))
        yield f',\n"videos": {json_text(videos)},\n"categories": '
        yield json_text([{"id": i, "name": name} for name, i in categories.items()])
        annotations.seek(0)
        yield ',\n"annotations": '
        yield from json_list(line.rstrip("\n") for line in annotations)
        yield "}\n"


def _images(
    out: Outgoing, categories: dict[str, int], videos: list[Extra], annotate: Callable[[str], object]
) -> Iterator[str]:
    pictures = annotations = 0
    for video, clip in enumerate(out.taken_in(), 1):
        videos.append(_video(video, clip, out))
        images: dict[int, int] = {}
        for label in clip.labels:
            if label.frame not in images:
                pictures += 1
                images[label.frame] = pictures
                yield json_text(_image(pictures, label.frame, video, clip, out))
            annotations += 1
            about = {"id": annotations, "image_id": images[label.frame], "frame_index": label.frame}
            about |= {"category_id": categories[label.label], "attributes": noted(label)}
            annotate(json_text(about) + "\n")


def _video(number: int, clip: FileClip, out: Outgoing) -> Extra:
    facts = {"num_frames": clip.num_frames, "fps": out.rate(clip), "width": clip.width, "height": clip.height}
    known = {key: value for key, value in facts.items() if value is not None}
    about = {"id": number, "name": clip.name, "file_name": out.media(clip)}
    return about | known | {"attributes": clip_keys(clip, "")}


def _image(number: int, frame: int, video: int, clip: FileClip, out: Outgoing) -> Extra:
    size = {key: value for key, value in (("width", clip.width), ("height", clip.height)) if value}
    name = f"{clip.name}/{frame:06}"
    return {"id": number, "file_name": name, "frame_index": frame, "video_id": video} | size
