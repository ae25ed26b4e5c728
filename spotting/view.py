"""How a sample clip is filmed: the moving camera, and what lens, light and sensor do to its pictures."""

import cv2
import numpy as np
from numpy.typing import NDArray

from spotting.venue import MARGIN, Camera, Colour, Picture, Venue


class View:
    """The camera through a clip: how it moves, and where points of the world are in the picture."""

    def __init__(self, venue: Venue, frames: int, size: int, rng: np.random.Generator) -> None:
        self.camera: Camera = venue.camera
        self.size = size
        self.width = 2 * round(size * venue.camera.aspect / 2)
        self.frames = frames
        self.tone = (_dark(venue.court, venue.shadow[2]), _dark(venue.ground, venue.shadow[2]))
        self.light = venue.shadow
        pan_N2 = cv2.GaussianBlur(rng.normal(0, 0.06, (frames, 2)), (1, 61), 20)
        shake_N2 = rng.normal(0, venue.shake, (frames, 2))
        self.shift_N2 = np.clip(pan_N2 + shake_N2, -0.03, 0.03) * size
        phase = rng.uniform(0, 6)
        self.zoom_N = 1.02 + 0.02 * np.sin(np.arange(frames) * rng.uniform(0.01, 0.03) + phase)

    def empty(self, background: Picture, index: int) -> Picture:
        """The background as the camera sees it at frame `index`."""
        zoom = self.zoom_N[index]
        centre = np.array([self.width / 2, self.size / 2])
        shift = centre + self.shift_N2[index] - zoom * (centre + MARGIN * self.size)
        matrix_23 = np.array([[zoom, 0, shift[0]], [0, zoom, shift[1]]])
        return np.asarray(cv2.warpAffine(background, matrix_23, (self.width, self.size)), dtype=np.uint8)

    def places(self, points_NK3: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Pixel places [N, K, 2] and pixels per metre [N, K] of points [N, K, 3], one row per frame."""
        places_NK2, scale_NK = self.camera.project(points_NK3)
        centre = np.array([self.width / 2, self.size / 2])
        moved_NK2 = (places_NK2 * self.size - centre) * self.zoom_N[:, None, None]
        return moved_NK2 + centre + self.shift_N2[:, None, :], scale_NK * self.size * self.zoom_N[:, None]

    def on_ground(self, points_N3: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where the light throws the shadow [N, 3] of points [N, 3]."""
        ground_N3 = points_N3.copy()
        ground_N3[:, 0] += self.light[0] * points_N3[:, 2]
        ground_N3[:, 1] += self.light[1] * points_N3[:, 2]
        ground_N3[:, 2] = 0
        return ground_N3


class Film:
    """What lens, light and sensor do to a picture."""

    def __init__(self, venue: Venue, view: View, rng: np.random.Generator) -> None:
        index_N = np.arange(view.frames)
        ripple_N = venue.flicker * np.sin(index_N * rng.uniform(0.8, 2.2))
        self.gain = (
            venue.light * (1 + ripple_N + 0.04 * np.sin(index_N * 0.02 + rng.uniform(0, 6)))
        ).tolist()
        self.blur = venue.blur * view.size
        self.grain = rng.normal(0, venue.grain, (view.size + 40, view.width + 40, 1)).repeat(3, axis=2)
        self.grain = self.grain.astype(np.int16)
        self.places = rng.integers(0, 40, (view.frames, 2)).tolist()

    def __call__(self, picture: Picture, index: int) -> Picture:
        rows, columns = picture.shape[:2]
        if self.blur > 0.3:
            picture = np.asarray(cv2.GaussianBlur(picture, (3, 3), self.blur), dtype=np.uint8)
        top, left = self.places[index]
        grain = self.grain[top : top + rows, left : left + columns]
        lit = cv2.convertScaleAbs(picture, alpha=self.gain[index])
        return np.asarray(cv2.add(lit, grain, dtype=cv2.CV_8U), dtype=np.uint8)


def _dark(colour: Colour, strength: float) -> Colour:
    red, green, blue = (int(part * (1 - strength)) for part in colour)
    return red, green, blue
