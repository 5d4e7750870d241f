"""Two axes along which people differ most, and where everybody and every statement stands on them.

A vote that was not cast is taken for the statement's mean, so the centred matrix is as sparse as the votes,
and its principal components are a truncated singular value decomposition.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import svds

from consult.analysis.vote_matrix import Floats, VoteMatrix

AXES = 2
SMALL = 12
"""Rows or columns below which the matrix of products is so small that it is decomposed whole."""


@dataclass(frozen=True)
class Projection:
    """The map, without a unit: `points` a row a participant, `statements` a row a statement, both x and y.

    `variance` is the share of all variance that the two axes carry, 0 to 1; 0 where everybody votes alike.
    """

    points: Floats
    statements: Floats
    variance: float

    @property
    def extremity(self) -> Floats:
        """How far a statement alone pulls those who agree with it from the middle; 0 or more."""
        lengths: Floats = np.hypot(self.statements[:, 0], self.statements[:, 1])
        return lengths


def project(votes: VoteMatrix) -> Projection:
    """Place participants and statements; 2.2 to 2.5 of Pol.is's mathematics, with agree as 1.

    A left-out statement has no influence on the axes, but counts as a column and as voted on by everybody.
    """
    means = _means(votes)
    centred = _centred(votes, means)
    axes, variance = _axes(centred)
    columns = len(votes.statements)
    is_kept = (~votes.is_left_out).astype(np.float64)
    kept_votes = np.asarray(_pattern(votes) @ is_kept) if votes.is_left_out.any() else votes.votes_each
    seen = kept_votes + np.count_nonzero(votes.is_left_out)
    points = (centred @ axes) * np.sqrt(columns / np.maximum(1, seen))[:, np.newaxis]
    signs = _signs(points)
    statements = np.sqrt(columns) * ((1 - means) * is_kept)[:, np.newaxis] * axes
    return Projection(points * signs, statements * signs, variance)


def _means(votes: VoteMatrix) -> Floats:
    """Mean of the votes that were cast on each statement, -1 to 1."""
    columns = len(votes.statements)
    counted = np.bincount(votes.cells.indices, minlength=columns)
    summed = np.bincount(votes.cells.indices, weights=votes.cells.data, minlength=columns)
    means: Floats = summed / np.maximum(1, counted)
    return means


def _centred(votes: VoteMatrix, means: Floats) -> csr_array:
    values = votes.cells.data - means[votes.cells.indices]
    if votes.is_left_out.any():
        values[votes.is_left_out[votes.cells.indices]] = 0.0
    return csr_array((values, votes.cells.indices, votes.cells.indptr), shape=votes.cells.shape)


def _pattern(votes: VoteMatrix) -> csr_array:
    ones = np.ones(votes.cells.nnz, dtype=np.int8)
    return csr_array((ones, votes.cells.indices, votes.cells.indptr), shape=votes.cells.shape)


def _axes(centred: csr_array) -> tuple[Floats, float]:
    """The first two right singular vectors, one a column; zeros where there is nothing left to tell."""
    total = float(centred.data @ centred.data)
    axes = np.zeros((centred.shape[1], AXES))
    if not total:
        return axes, 0.0
    lengths, vectors = _small_svd(centred) if min(centred.shape) < SMALL else _sparse_svd(centred)
    is_real = lengths > np.sqrt(total) * 1e-9
    axes[:, : is_real.sum()] = vectors[:, is_real]
    return axes, float((lengths[is_real] ** 2).sum() / total)


def _small_svd(centred: csr_array) -> tuple[Floats, Floats]:
    is_wide = centred.shape[0] < centred.shape[1]
    products = (centred @ centred.T if is_wide else centred.T @ centred).toarray()
    squares, vectors = np.linalg.eigh(products)
    lengths = np.sqrt(np.maximum(squares[::-1][:AXES], 0))
    first = vectors[:, ::-1][:, :AXES]
    if is_wide:
        first = (centred.T @ first) / np.where(lengths > 0, lengths, 1)
    return lengths, first


def _sparse_svd(centred: csr_array) -> tuple[Floats, Floats]:
    # The start decides nothing but the number of steps; a fixed one makes the same bytes each time.
    start = np.random.default_rng(2).standard_normal(min(centred.shape))
    _, lengths, vectors = svds(centred, k=AXES, v0=start, solver="arpack", return_singular_vectors="vh")
    order = np.argsort(-lengths)
    return lengths[order], vectors[order].T


def _signs(points: Floats) -> Floats:
    """Which way round each axis is: the longer tail of the people points to the positive side."""
    tails = (points**3).sum(axis=0)
    return np.where(tails < 0, -1.0, 1.0)
