using System.Collections.Concurrent;

namespace AccountGrid.LoadTest.Faults;

/// <summary>What a request came to, as its sender knows it.</summary>
internal enum Outcome
{
    /// <summary>Acknowledged: it must be there once.</summary>
    Taken,

    /// <summary>Refused with a definite answer: it must not be there.</summary>
    Refused,

    /// <summary>No definite answer, and the sender gave up: it may be there once or not at all.</summary>
    Unknown,
}

/// <summary>A payment as the payer knows it.</summary>
internal sealed record PaymentMade(string Reference, string Account, decimal Amount)
{
    public Outcome Outcome { get; set; } = Outcome.Unknown;

    /// <summary>Where its answer says it stands in its partition's log; -1 until it is answered.</summary>
    public long Position { get; set; } = -1;
}

/// <summary>A meter with its account, as its gateway knows it. Only its gateway writes; the judge reads while gateways rest.</summary>
internal sealed class FaultMeter(string id, string account)
{
    private readonly HashSet<long> _unknown = [];

    public string Id { get; } = id;

    public string Account { get; } = account;

    /// <summary>Register of the latest reading that was made, Wh since installation.</summary>
    public long MadeWh { get; set; }

    /// <summary>Highest register that was acknowledged, Wh since installation.</summary>
    public long TakenWh { get; private set; }

    public void Take(long wh)
    {
        TakenWh = Math.Max(TakenWh, wh);
        _unknown.Remove(wh);
    }

    /// <summary>Sent, never answered, not sent again.</summary>
    public void GiveUp(long wh) => _unknown.Add(wh);

    /// <summary>Whether so much may be charged: what was acknowledged, or a later reading whose outcome is open.</summary>
    public bool MayBe(long wh) => wh == TakenWh || (wh > TakenWh && _unknown.Contains(wh));
}

/// <summary>Everything that the clients of a round were told, kept by them alone: the judge compares the grid with it.</summary>
internal sealed class FaultHistory
{
    public const decimal PricePerKwh = 0.50m;

    public ConcurrentDictionary<string, PaymentMade> Payments { get; } = new();

    public List<FaultMeter> Meters { get; } = [];

    /// <summary>Crossings of a low-balance level whose reading was acknowledged, by account, and when the last was.</summary>
    public ConcurrentDictionary<string, int> Crossings { get; } = new();

    /// <summary>Messages at the receiver: account and id, and how often each came.</summary>
    public ConcurrentDictionary<(string Account, string Id), int> Messages { get; } = new();

    /// <summary>What a client saw that can never be right, in its words.</summary>
    public ConcurrentQueue<string> Impossible { get; } = new();

    public long Readings;
    public long Resent;
    public long Retried;
    public long GivenUp;
    public long Refusals;

    /// <summary>Longest time from a crossing's acknowledgement to its message, ms.</summary>
    public double SlowestNoticeMs;

    public decimal PaidOf(string account, IReadOnlySet<string> existing) => Payments.Values.Where(p => p.Account == account && existing.Contains(p.Reference)).Sum(p => p.Amount);
}
