namespace AccountGrid.LoadTest.Faults;

/// <summary>A payment through a channel as the channel knows it. Only its client writes; the judge reads while clients rest.</summary>
/// <param name="Agent">The agent that sells it out of its float; null is none.</param>
internal sealed record ChannelPaymentMade(string Txn, string Channel, string? Agent, string Account, decimal Amount, DateOnly Day)
{
    /// <summary>An account that does not exist: what is paid to it is held.</summary>
    public const string NoAccount = "CA-unknown";

    public bool IsForNobody => Account == NoAccount;

    /// <summary>
    /// <c>accepted</c>, <c>held</c>, <c>reversed</c>, <c>rejected</c> or <c>closed</c>: what the last definite answer said. Null before the first.
    /// </summary>
    public string? Status { get; set; }
}
