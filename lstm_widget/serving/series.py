"""Lines along time that belong to no unit: the input, the model's answers, errors."""

from __future__ import annotations

from dataclasses import dataclass

from lstm_widget.capture.record import Array
from lstm_widget.protocol import SeriesBlock
from lstm_widget.serving import blocks


@dataclass
class Overview:
    """The bytes of a scene's overview, while they come together."""

    packed: bytes = b""

    def add(self, lines: Array, names: list[str], most: int) -> SeriesBlock:
        """Append (timestep, feature) lines, thinned in time until they take ``most`` bytes, and say where they are."""
        timesteps, features = lines.shape
        stride = 1
        if lines.size * 4 > most:
            stride = max(2, -(-timesteps // max(1, most // (4 * blocks.STATISTICS * features))))
        block = SeriesBlock(features=names, start=0, stop=timesteps, stride=stride, offset=len(self.packed))
        self.packed += b"".join(statistic.tobytes() for statistic in blocks.thinned(lines, stride))
        return block
