"""What an entry of the inventory says. Frozen values; resources and settings are CloudFormation's
own short forms as texts, e.g. `!Ref SigningKeys`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# Containers of one queue: a new account has ten for all, and a job that AWS turns away comes again
# only after minutes.
MOST_AT_ONCE = 5
# The dead letters of all workers: one queue to watch and to look into. shared.yaml makes it.
DEAD_LETTERS = "dead-letters"


@dataclass(frozen=True)
class Right:
    """What a role may do to what; `why` stands beside it, `condition` bounds it further."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    why: str = ""
    condition: str = ""


@dataclass(frozen=True)
class Queue:
    """A queue of what could not be done; `id` is its logical one, `name` follows the prefix."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function that nothing below calls by itself, with a role and a log of its own.

    `name` follows the prefix, `id` begins the names of its resources in the template: from `name`,
    unless it is said. `handler` is a module below quadrangle.hosts.lambdas, `package` a folder of
    dist/lambda/. `variables` begin with QUADRANGLE_. `timeout` in seconds, `memory` in megabytes.
    `retries` are of calls that nobody waits for; what fails still goes to `on_failure`. `network`
    is the VpcConfig of one that must be within a network, `reserved` how many containers may run,
    which are then kept for it. One that `calls_itself` goes on so with what does not fit into a
    call.
    """

    name: str
    does: str
    handler: str
    rights: tuple[Right, ...]
    id: str = ""
    package: str = "events"
    variables: Mapping[str, str] = field(default_factory=dict)
    timeout: int = 60
    memory: str = "!Ref Memory"
    retries: int | None = None
    on_failure: Queue | None = None
    network: str = ""
    reserved: str = ""
    calls_itself: bool = False

    @property
    def logical_id(self) -> str:
        return self.id or camel(self.name)

    @property
    def goes_round(self) -> bool:
        """Tell whether it is meant that what it sends comes back to it, some hundred times: Lambda
        ends such loops after about 16 turns. What ends them is counted (JobRunner, audit.check)."""
        return self.calls_itself


@dataclass(frozen=True, kw_only=True)
class Http(Function):
    """A function that answers requests.

    `paths` of the REST API are passed on whatever the method is. Those that need more are written
    by hand in api.yaml. The API calls it by its alias; `warm` is the ProvisionedConcurrencyConfig
    of that.
    """

    paths: tuple[str, ...]
    warm: str = ""
    timeout: int = 30  # API Gateway waits for 29 seconds
    sees_all_queues: bool = False  # to show dead jobs and have them run again


@dataclass(frozen=True, kw_only=True)
class Stream(Function):
    """A function that follows the stream of changes and puts them into the queue of every
    reaction; `on_failure` gets what it could not read."""


@dataclass(frozen=True, kw_only=True)
class Worker(Function):
    """A function that works off the jobs of a queue. What it gives up is in DEAD_LETTERS.

    `job` is what its jobs are called by, `also` what others in the same queue are. `puts` are the
    jobs that it puts itself. At most `at_once` containers run, each given `batch` jobs at a time.
    `queue_id` and `event` are logical ids. One that has nothing to do without `only_with`, a
    condition of its template, is called only with it: asking its empty queue costs something.
    """

    job: str
    also: tuple[str, ...] = ()
    puts: tuple[str, ...] = ()
    at_once: int = MOST_AT_ONCE
    queue_id: str = ""
    event: str = "Jobs"
    batch: int = 10
    only_with: str = ""

    @property
    def goes_round(self) -> bool:
        return True  # what waits, failed or goes on is put into its own queue again

    @property
    def jobs(self) -> tuple[str, ...]:
        return (self.job, *self.also)

    @property
    def queue(self) -> str:
        """Return the logical id of the queue, without `Queue`."""
        return self.queue_id or self.logical_id


@dataclass(frozen=True, kw_only=True)
class Daily(Function):
    """A function that runs once a day, at a time in UTC like `2:40`; its alarm rings for any error
    and says `alarm`."""

    at: str
    alarm: str


@dataclass(frozen=True, kw_only=True)
class Often(Function):
    """A function that runs again and again, at a `rate` like `1 minute`. `puts` are the jobs that
    it puts."""

    rate: str
    puts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reaction(Worker):
    """A worker whose jobs are changes, from the stream's function."""


def reaction(
    job: str,
    does: str,
    rights: tuple[Right, ...],
    *,
    variables: Mapping[str, str] | None = None,
    puts: tuple[str, ...] = (),
    at_once: int = MOST_AT_ONCE,
) -> Reaction:
    """Return the function of a reaction (kernel.change.Reaction) by its name: `issues.project`.

    The stream's function finds its queue by that name.
    """
    return _reacting(job.replace(".", "-"), does, (job,), rights, variables or {}, puts, at_once)


def together(name: str, does: str, *reactions: Reaction) -> Reaction:
    """Return one function with one queue for several reactions, as each queue is asked all the time
    whether there is anything: it may what any of them may, and nothing else.

    What is worth to be kept apart is said by who puts them together: what one of them needs a
    strong right for, and what takes long where others are waited for.
    """
    jobs = tuple(job for each in reactions for job in each.jobs)
    variables = {name: value for each in reactions for name, value in each.variables.items()}
    rights = united(right for each in reactions for right in each.rights)
    puts = tuple(dict.fromkeys(job for each in reactions for job in each.puts))
    at_once = min(each.at_once for each in reactions)
    return _reacting(name, does, jobs, rights, variables, puts, at_once)


def _reacting(
    name: str,
    does: str,
    jobs: tuple[str, ...],
    rights: tuple[Right, ...],
    variables: Mapping[str, str],
    puts: tuple[str, ...],
    at_once: int,
) -> Reaction:
    return Reaction(
        name=name,
        does=does,
        handler="base.react",
        rights=rights,
        variables={**variables, "REACTIONS": f'"{",".join(jobs)}"'},
        job=jobs[0],
        also=jobs[1:],
        puts=puts,
        at_once=at_once,
        event="Changes",
    )


def united(rights: Iterable[Right]) -> tuple[Right, ...]:
    """Return the same rights, each said once: of what has no condition, all actions on a resource
    together, and resources with the same actions together. Nothing is allowed that was not."""
    actions: dict[str, dict[str, None]] = {}
    others: dict[Right, None] = {}
    for right in rights:
        if right.condition or right.why:
            others[right] = None
            continue
        for resource in right.resources:
            actions.setdefault(resource, {}).update(dict.fromkeys(right.actions))
    resources: dict[tuple[str, ...], list[str]] = {}
    for resource, allowed in actions.items():
        resources.setdefault(tuple(sorted(allowed)), []).append(resource)
    return (*(Right(allowed, tuple(named)) for allowed, named in resources.items()), *others)


@dataclass(frozen=True)
class Table:
    """A table that is shown; its own definition is in the template of its service."""

    name: str


@dataclass(frozen=True, kw_only=True)
class MachineQueue:
    """A queue that machines work off, with its dead letters.

    What a machine received is hidden for `hidden_s` seconds, and comes again `receives` times at
    most; `why` says so. When a message has waited for `longest_s`, an alarm says `waits`.
    """

    id: str
    name: str
    hidden_s: int
    receives: int
    why: str
    longest_s: int
    waits: str


@dataclass(frozen=True)
class Stack:
    """What the inventory writes into one template; `tables` are those of its service.

    One that installations may be without has a `condition`, which the templates of dispatch, mail
    and the API know under this name; it has the alarms of its queues, its dashboard and its saved
    query itself.
    """

    template: str
    functions: tuple[Function, ...]
    tables: tuple[Table, ...] = ()
    queues: tuple[MachineQueue, ...] = ()
    condition: str = ""


_KINDS = (Http, Stream, Reaction, Worker, Function, Often, Daily)  # in the order they are shown


@dataclass(frozen=True)
class Inventory:
    """All there is. `functions` are in the order they are shown: first what people wait for."""

    stacks: tuple[Stack, ...]

    @property
    def always(self) -> "Inventory":
        """Return what every installation has."""
        return Inventory(tuple(each for each in self.stacks if not each.condition))

    @property
    def optional(self) -> "list[Inventory]":
        """Return each of what installations may be without, by itself."""
        return [Inventory((each,)) for each in self.stacks if each.condition]

    def condition_of(self, function: Function) -> str:
        """Return the condition under which there is a function; "" is always."""
        (found,) = [each.condition for each in self.stacks if function in each.functions]
        return found

    @property
    def functions(self) -> list[Function]:
        found = [each for stack in self.stacks for each in stack.functions]
        return sorted(found, key=lambda each: _KINDS.index(type(each)))

    @property
    def answering(self) -> list[Http]:
        return [each for each in self.functions if isinstance(each, Http)]

    @property
    def workers(self) -> list[Worker]:
        return [each for each in self.functions if isinstance(each, Worker)]

    @property
    def reactions(self) -> list[Reaction]:
        return [each for each in self.functions if isinstance(each, Reaction)]

    @property
    def daily(self) -> list[Daily]:
        return [each for each in self.functions if isinstance(each, Daily)]

    @property
    def tables(self) -> list[Table]:
        return [table for stack in self.stacks for table in stack.tables]

    @property
    def machine_queues(self) -> list[MachineQueue]:
        return [queue for stack in self.stacks for queue in stack.queues]

    @property
    def dead_letters(self) -> list[str]:
        """Return the names of the queues that nobody works off, but for the one of all workers."""
        failed = [each.on_failure.name for each in self.functions if each.on_failure is not None]
        return [f"{each.name}-dead" for each in self.machine_queues] + failed


def camel(name: str) -> str:
    """Return `IssuesMailReport` for `issues-mail-report`."""
    return "".join(part.capitalize() for part in re.split("[-.]", name))
