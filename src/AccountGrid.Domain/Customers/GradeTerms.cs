namespace AccountGrid.Domain.Customers;

/// <summary>What a grade decides: in which order customers are contacted, and which instalments may be offered. Nothing else.</summary>
/// <param name="ContactOrder">Customers with a lower number are contacted first, among those with the same deadline.</param>
/// <param name="InstalmentsMax">The most monthly instalments that may be offered without another person's approval. 0: none.</param>
/// <param name="FirstShareMin">The least share of the arrears that the first instalment has, 0 to 1.</param>
public readonly record struct GradeTerms(int ContactOrder, int InstalmentsMax, decimal FirstShareMin)
{
    /// <summary>The terms of a grade where the company sets none. Every grade may be offered a plan: who pays late needs one most.</summary>
    public static GradeTerms Of(RiskGrade grade) => grade switch
    {
        RiskGrade.A => new(4, 12, 0m),
        RiskGrade.B => new(3, 6, 0m),
        RiskGrade.C => new(2, 4, 0.25m),
        RiskGrade.D => new(1, 3, 0.4m),
        _ => throw new InvariantBrokenException($"{(byte)grade} is no risk grade."),
    };

    /// <summary>Whether a plan with these instalments may be offered: as many as allowed at most, and the first with its least share.</summary>
    public bool Allows(IReadOnlyList<Money> instalments)
    {
        var sum = instalments.Sum(i => (decimal)i.Nano);
        return instalments.Count is var count && count > 0 && count <= InstalmentsMax && sum > 0 && instalments[0].Nano >= sum * FirstShareMin;
    }
}
