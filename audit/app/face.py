"""The library's one call: `medaudit.audit(...)`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.app.config import RunConfig, parse_data
from audit.app.given import Given
from audit.app.repeating import DEFAULT, parse_repeats
from audit.core.finding import ANNOTATIONS, Finding
from audit.core.observation import Observation
from audit.policy.overall import Overall


@dataclass(frozen=True)
class AuditRun:
    """A finished run: its findings, the verdict over all, every judged answer, and where the report lies."""

    folder: Path
    report: Path
    findings: tuple[Finding, ...]
    overall: Overall
    observations: tuple[Observation, ...]

    def finding(self, metric: str, **tags: str) -> Finding:
        """The model's own strict, absolute finding of `metric` with exactly these tags (tags about the result aside).

        Raises `KeyError` where there is none.
        """
        for finding in self.findings:
            own = finding.metric == metric and finding.model == "model" and finding.comparison == "absolute"
            if own and finding.scoring == "strict" and _identity(finding) == tags:
                return finding
        raise KeyError(f"no strict finding {metric!r} with tags {tags!r}")


def audit(
    model: str,
    base: str | None = None,
    data: Sequence[str | Path] = (),
    *,
    suite: str | None = None,
    probes: Sequence[str] = (),
    out: str | Path | None = None,
    seed: int = 0,
    limit: int | None = None,
    policy: str | Path | None = None,
    options: Mapping[str, Mapping[str, object]] | None = None,
    judge: str | None = None,
    labels: str | Path | None = None,
    key: str | None = None,
    pick: str = "middle",
    window: str | None = None,
    image_root: str | Path | None = None,
    system_prompt: str | Path | None = None,
    cache: str | Path | None = None,
    max_calls: int | None = None,
    repeats: int | float = DEFAULT,
    tune_prompts: int = 0,
    shots: int = 0,
    allow_hosts: Sequence[str] = (),
    images: bool = True,
) -> AuditRun:
    """Audit a model and write the run folder, as `medaudit run` does; the same call again resumes.

    `model`, `base` and `judge` are specs, `data` paths as for `--data` (none: phantoms), `options` maps probes to
    options (`{"shifts": {"slices": "site"}}`); the rest are the flags of the same name, `images=False` is
    `--no-images`. Raises `InputError` for anything that cannot be used.
    """
    from audit.app.pipeline import run
    from audit.app.report import write_report
    from audit.app.table import PLANNED, PROBES

    config = RunConfig(
        suite=None if probes else suite or "safety",
        probes=tuple(probes),
        model=model,
        base=base,
        data=parse_data(tuple(map(str, data)), tuple({*PROBES.targets(), *PLANNED})),
        judge=judge,
        labels=_path(labels),
        key=key,
        pick=pick,
        window=window,
        image_root=_path(image_root),
        system_prompt=_path(system_prompt),
        out=_path(out),
        cache=_path(cache),
        seed=seed,
        limit=limit,
        max_calls=max_calls,
        repeats=parse_repeats(str(repeats)),
        tune_prompts=Given({"tune_prompts": tune_prompts}).number("tune_prompts", least=0) or 0,
        shots=Given({"shots": shots}).number("shots", least=0) or 0,
        policy=_path(policy),
        images=images,
        allow_hosts=tuple(allow_hosts),
        options=options or {},
        command="medaudit.audit(...)",
    )
    outcome = run(config)
    report = write_report(outcome)
    return AuditRun(outcome.folder, report, outcome.findings, outcome.overall, outcome.observations)


def _path(value: str | Path | None) -> Path | None:
    return None if value is None else Path(value).expanduser()


def _identity(finding: Finding) -> dict[str, str]:
    return {key: value for key, value in finding.tags.items() if key not in ANNOTATIONS}
