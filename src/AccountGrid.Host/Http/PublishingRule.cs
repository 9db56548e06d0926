namespace AccountGrid.Host.Http;

/// <summary>Whether one person, or one program, may publish a version of a tariff or policy pack, or withdraw one.</summary>
/// <param name="NeedsTwo">The setting <c>Security__TwoPeople</c>.</param>
internal sealed record PublishingRule(bool NeedsTwo)
{
    /// <summary>Why one alone may not; null where it may.</summary>
    /// <param name="kind">What is to be asked for: <c>tariff</c>, <c>policy</c> or <c>tariff-withdrawal</c>.</param>
    public Refusal? RefuseOne(string kind) => NeedsTwo
        ? new(AccessRefusals.ApprovalNeeded, $"Security__TwoPeople is on: ask for it by POST /v1/publications with kind '{kind}'; a second person agrees.")
        : null;
}
