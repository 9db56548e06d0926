namespace AccountGrid.Domain.State;

/// <summary>
/// Energy of an account's last <see cref="Days"/> closed local days, Wh. Each closed day row is added, and what a correction changes of it, so what stands here
/// is a sum over rows and depends on no order of arrival. Stored with the customer: some 85 bytes for a household.
/// </summary>
public sealed class UseHistory
{
    /// <summary>Four weeks: each weekday four times, and short enough to follow the season.</summary>
    public const int Days = 28;

    private const long Unknown = -1;

    /// <summary>By local day, modulo <see cref="Days"/>.</summary>
    private readonly long[] _wh = [.. Enumerable.Repeat(Unknown, Days)];

    /// <summary>Latest local day that was added; <see cref="int.MinValue"/> is none.</summary>
    public int LastDay { get; private set; } = int.MinValue;

    /// <summary>Adds energy to a day, or takes it back. A day that lies further back than is kept changes nothing.</summary>
    public void Add(int day, Energy energy)
    {
        if (day > LastDay)
        {
            var from = LastDay == int.MinValue ? day - Days + 1 : Math.Max(LastDay + 1, day - Days + 1);
            for (var d = from; d <= day; d++)
            {
                _wh[d % Days] = Unknown;
            }

            LastDay = day;
        }

        if (day > LastDay - Days)
        {
            ref var wh = ref _wh[day % Days];
            wh = Math.Max(0, wh) + energy.Wh;
        }
    }

    /// <summary>Energy of a closed day; null where none of it was closed, or it lies too far back.</summary>
    public Energy? Of(int day) =>
        day <= LastDay && day > LastDay - Days && LastDay != int.MinValue && _wh[day % Days] is >= 0 and var wh ? new Energy(wh) : null;

    /// <summary>All that is kept, from the latest day backwards; -1 is unknown. Empty where nothing is known.</summary>
    internal long[] ToStored() => LastDay == int.MinValue ? [] : [.. Enumerable.Range(0, Days).Select(i => _wh[(LastDay - i) % Days])];

    /// <summary>What <see cref="ToStored"/> gave.</summary>
    internal static UseHistory Restore(int lastDay, ReadOnlySpan<long> wh)
    {
        var history = new UseHistory { LastDay = wh.Length == 0 ? int.MinValue : lastDay };
        for (var i = 0; i < wh.Length; i++)
        {
            history._wh[(lastDay - i) % Days] = wh[i];
        }

        return history;
    }
}
