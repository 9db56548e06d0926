using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Partitions;

namespace AccountGrid.Host.Partitions;

/// <summary>Outcomes of commands that are folded and not yet stored, and those who wait for a position to be folded.</summary>
internal sealed class FoldOutcomes
{
    private readonly SortedDictionary<long, TaskCompletionSource> _waiting = [];
    private readonly Dictionary<long, CommandOutcome> _outcomes = [];

    /// <summary>Outcomes of the present part of the effects that can be asked for.</summary>
    private int _entered;

    /// <summary>Completes when a position is folded.</summary>
    public Task FoldedAsync(long position, CancellationToken cancel)
    {
        if (!_waiting.TryGetValue(position, out var source))
        {
            _waiting[position] = source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return source.Task.WaitAsync(cancel);
    }

    /// <summary>An outcome that is not stored yet; null for any other.</summary>
    public CommandOutcome? Find(long position) => _outcomes.GetValueOrDefault(position);

    /// <summary>Makes outcomes askable, once each: while a flush is under way, many gather.</summary>
    public void Enter(Effects part)
    {
        for (; _entered < part.Outcomes.Count; _entered++)
        {
            var outcome = part.Outcomes[_entered];
            _outcomes[outcome.Position] = outcome;
        }
    }

    /// <summary>The next effects that are entered are another part.</summary>
    public void BeginPart() => _entered = 0;

    /// <summary>The outcomes of a part are stored: the database answers for them.</summary>
    public void Forget(Effects part)
    {
        foreach (var outcome in part.Outcomes)
        {
            _outcomes.Remove(outcome.Position);
        }
    }

    /// <summary>Lets go whoever waits for a position before the one where the fold stands.</summary>
    public void Answer(long position)
    {
        while (_waiting.Count > 0 && _waiting.First() is var first && first.Key < position)
        {
            _waiting.Remove(first.Key);
            first.Value.TrySetResult();
        }
    }
}
