using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Cases;

/// <summary>What can be done with a case, and where it goes when it is late.</summary>
public static class CaseSteps
{
    /// <summary>Days by which a case can be postponed at once.</summary>
    public const int PostponeDaysMax = 30;

    /// <summary>How often a case can be postponed.</summary>
    public const int PostponesMax = 3;

    public static CaseConsequence ConsequenceOf(CaseResult result) => result == CaseResult.Promised ? CaseConsequence.Promise : CaseConsequence.None;

    /// <summary>Whether people may move the deadline of a kind: not where a customer has a right to it, and not where supply may be off.</summary>
    public static bool CanPostpone(CaseKind kind) => kind is not (CaseKind.Complaint or CaseKind.RestoreUnconfirmed or CaseKind.RelayUnconfirmed);

    /// <summary>Whether a case can be postponed to a local day (day number): a later one, near enough, and not too often.</summary>
    /// <param name="before">How often it was postponed before.</param>
    public static bool CanPostponeTo(int today, int until, int before) => until > today && until <= today + PostponeDaysMax && before < PostponesMax;

    /// <summary>Whether people close cases of a kind themselves. The others close with the work that they are about.</summary>
    public static bool ClosesByHand(CaseKind kind) => kind is not (CaseKind.Suspense or CaseKind.Reconciliation);

    /// <summary>
    /// Who gets a late case: the next person above its owner, by <paramref name="persons"/> from the responsible one up. A case of somebody else, or of nobody,
    /// goes to the responsible one. The last keeps it.
    /// </summary>
    /// <param name="persons">The manager if there is one, then the collectors from the area up, each once.</param>
    /// <returns>How many persons up it is then; null where it stays with whoever has it.</returns>
    public static int? NextLevel(IReadOnlyList<string> persons, string? owner)
    {
        var at = -1;
        for (var i = 0; i < persons.Count && at < 0; i++)
        {
            at = persons[i] == owner ? i : at;
        }

        return at + 1 < persons.Count ? at + 1 : null;
    }
}
