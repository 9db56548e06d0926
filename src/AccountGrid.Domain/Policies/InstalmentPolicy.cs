using AccountGrid.Domain.Customers;

namespace AccountGrid.Domain.Policies;

/// <summary>Which payment plans may be offered, by the customer's risk grade.</summary>
public sealed record InstalmentPolicy(InstalmentTerms A, InstalmentTerms B, InstalmentTerms C, InstalmentTerms D)
{
    /// <summary>What a pack decides that says nothing: the terms of <see cref="GradeTerms.Of"/>.</summary>
    public static InstalmentPolicy Default { get; } = new(Of(RiskGrade.A), Of(RiskGrade.B), Of(RiskGrade.C), Of(RiskGrade.D));

    public InstalmentTerms this[RiskGrade grade] => grade switch
    {
        RiskGrade.A => A,
        RiskGrade.B => B,
        RiskGrade.C => C,
        RiskGrade.D => D,
        _ => throw new InvariantBrokenException($"{(byte)grade} is no risk grade."),
    };

    /// <summary>The terms of a grade under this pack.</summary>
    public GradeTerms TermsOf(RiskGrade grade) => GradeTerms.Of(grade) with
    {
        InstalmentsMax = this[grade].Most,
        FirstShareMin = this[grade].FirstShareBasisPoints / 10_000m,
    };

    private static InstalmentTerms Of(RiskGrade grade) => new(GradeTerms.Of(grade).InstalmentsMax, (int)(GradeTerms.Of(grade).FirstShareMin * 10_000));
}
