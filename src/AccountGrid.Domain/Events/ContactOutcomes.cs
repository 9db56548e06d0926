namespace AccountGrid.Domain.Events;

/// <summary>
/// Outcomes of contacts by kind, each a code with a defined consequence. Whoever met nobody has delivered nothing; a wrong number or address
/// is no attempt to reach the customer. Text beside a code is a note and proves nothing. (DOMAIN, overdue: an outcome is a code.)
/// </summary>
public static class ContactOutcomes
{
    private static readonly Dictionary<string, Dictionary<string, ContactProof>> Kinds = new()
    {
        ["call"] = new()
        {
            ["reached"] = ContactProof.Attempt,
            ["left-message"] = ContactProof.Attempt,
            ["no-answer"] = ContactProof.Attempt,
            ["refused"] = ContactProof.Attempt,
            ["wrong-number"] = ContactProof.None,
        },
        ["visit"] = new()
        {
            ["delivered-in-hand"] = ContactProof.Attempt | ContactProof.NoticeDelivered,
            ["reached"] = ContactProof.Attempt,
            ["left-message"] = ContactProof.Attempt,
            ["nobody-home"] = ContactProof.Attempt,
            ["refused"] = ContactProof.Attempt,
            ["wrong-address"] = ContactProof.None,
        },
        ["letter"] = new()
        {
            ["signed-for"] = ContactProof.Attempt | ContactProof.NoticeDelivered,
            ["sent"] = ContactProof.Attempt,
            ["refused"] = ContactProof.Attempt,
            ["returned"] = ContactProof.None,
        },
        ["welfare-visit"] = new()
        {
            ["reached"] = ContactProof.WelfareSeen,
            ["nobody-home"] = ContactProof.None,
            ["refused"] = ContactProof.None,
            ["wrong-address"] = ContactProof.None,
        },
        ["authority-copy"] = new()
        {
            ["informed"] = ContactProof.AuthorityInformed,
            ["no-answer"] = ContactProof.None,
        },
    };

    /// <summary>Names of the kinds of contact.</summary>
    public static IReadOnlyCollection<string> KindNames => Kinds.Keys;

    /// <summary>Codes that a kind of contact can end with; empty for a kind that there is not.</summary>
    public static IReadOnlyCollection<string> OutcomesOf(string kind) => Kinds.TryGetValue(kind, out var outcomes) ? outcomes.Keys : [];

    /// <summary>What a contact proves; null for a kind or an outcome that there is not.</summary>
    public static ContactProof? ProofOf(string kind, string outcome) =>
        Kinds.TryGetValue(kind, out var outcomes) && outcomes.TryGetValue(outcome, out var proof) ? proof : null;
}
