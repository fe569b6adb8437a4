"""What the app knows about handwriting: from the bytes of a picture to the digits in it."""

import cv2

# Requests and workers are what runs in parallel; OpenCV's own threads only get in their way.
cv2.setNumThreads(1)
