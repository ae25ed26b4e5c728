"""The one resize path of the product: training, review and export see the same small pictures."""

import cv2
import numpy as np
from numpy.typing import NDArray

cv2.setNumThreads(1)


def resize(pictures_NHWC: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """Resize uint8 [N, H, W, 3] to [N, height, width, 3]: by area when shrinking, linear when growing."""
    count, old_height, old_width = pictures_NHWC.shape[:3]
    if (old_height, old_width) == (height, width):
        return pictures_NHWC
    method = cv2.INTER_AREA if height <= old_height and width <= old_width else cv2.INTER_LINEAR
    resized = np.empty((count, height, width, 3), np.uint8)
    for picture, target in zip(pictures_NHWC, resized, strict=True):
        cv2.resize(picture, (width, height), dst=target, interpolation=method)
    return resized
