"""Records what the Cityscapes evaluator says of seeded predictions, in train ids. Usage: cityscapes.py OUT"""
import importlib.metadata
import json
import pathlib
import sys
import tempfile

import numpy as np
from PIL import Image
from cityscapesscripts.evaluation import evalPixelLevelSemanticLabeling as evaluator
from cityscapesscripts.helpers.labels import labels, trainId2label

HEIGHT, WIDTH = 12, 16
# Sixteen classes of nineteen in the labels, seventeen in the predictions: of two no pixel is there at all.
LABELLED, GUESSED = 16, 17


def regions(draws, classes):
    """Images of patches, as labels are."""
    small = draws.integers(0, classes, (HEIGHT // 4, WIDTH // 4))
    return np.kron(small, np.ones((4, 4), int))


def evaluate(images):
    args = evaluator.args
    args.evalInstLevelScore = False
    confusion = evaluator.generateMatrix(args)
    ids = np.array([trainId2label[i].id for i in range(19)] + [0] * 237)
    with tempfile.TemporaryDirectory() as folder:
        for n, (truth, guess) in enumerate(images):
            names = [str(pathlib.Path(folder) / f"{n}_{kind}.png") for kind in ("guess", "truth")]
            for name, image in zip(names, (guess, truth)):
                Image.fromarray(ids[image].astype(np.uint8)).save(name)
            evaluator.evaluatePair(*names, confusion, {}, {}, args)
    scores = {label.name: evaluator.getIouScoreForLabel(label.id, confusion, args) for label in labels}
    return [scores[trainId2label[i].name] for i in range(19)], evaluator.getScoreAverage(scores, args)


if __name__ == "__main__":
    draws = np.random.default_rng(5)
    images = []
    for _ in range(3):
        truth = regions(draws, LABELLED)
        guess = np.where(draws.random((HEIGHT, WIDTH)) < 0.6, truth, draws.integers(0, GUESSED, (HEIGHT, WIDTH)))
        truth[draws.random((HEIGHT, WIDTH)) < 0.1] = 255
        guess[draws.random((HEIGHT, WIDTH)) < 0.05] = 255
        images.append((truth, guess))
    iou, mean = evaluate(images)
    record = {
        "versions": {"cityscapesscripts": importlib.metadata.version("cityscapesscripts")},
        "classes": 19,
        "labels": [v for truth, _ in images for v in truth.ravel().tolist()],
        "predictions": [v for _, guess in images for v in guess.ravel().tolist()],
        "iou": [None if np.isnan(v) else v for v in iou],
        "meanIou": mean,
    }
    pathlib.Path(sys.argv[1]).write_text(json.dumps(record, separators=(",", ":")) + "\n")
