namespace AccountGrid.Host.Reconciliation;

/// <summary>Names of results as the API has them.</summary>
internal static class ReconciliationResults
{
    private static readonly Dictionary<ReconciliationResult, string> Names = new()
    {
        [ReconciliationResult.Matched] = "matched",
        [ReconciliationResult.MissingHere] = "missing_here",
        [ReconciliationResult.MissingThere] = "missing_there",
        [ReconciliationResult.Amount] = "amount",
        [ReconciliationResult.Duplicate] = "duplicate",
        [ReconciliationResult.DayShift] = "day_shift",
        [ReconciliationResult.Fee] = "fee",
    };

    public static IReadOnlyCollection<string> All => Names.Values;

    public static string Name(ReconciliationResult result) => Names[result];
}
