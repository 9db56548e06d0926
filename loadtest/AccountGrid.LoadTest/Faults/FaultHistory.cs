using System.Collections.Concurrent;

namespace AccountGrid.LoadTest.Faults;

/// <summary>Everything that the clients of a round were told, kept by them alone: the judge compares the grid with it.</summary>
internal sealed class FaultHistory
{
    public const decimal PricePerKwh = 0.50m;

    public ConcurrentDictionary<string, PaymentMade> Payments { get; } = new();

    /// <summary>Payments through channels by their ids, and the agent's deposits by reference.</summary>
    public ConcurrentDictionary<string, ChannelPaymentMade> ChannelPayments { get; } = new();

    public ConcurrentDictionary<string, decimal> Deposits { get; } = new();

    public List<ChannelSeat> Seats { get; } = [];

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

    public decimal PaidOf(string account, IReadOnlySet<string> existing) =>
        Payments.Values.Where(p => p.Account == account && existing.Contains(p.Reference)).Sum(p => p.Amount);
}
