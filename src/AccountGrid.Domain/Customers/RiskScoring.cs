namespace AccountGrid.Domain.Customers;

/// <summary>
/// Points from facts: 40 for the share on time, 20 for days late, 15 for arrears, 10 for kept promises and plans, 5 each for returned payments, tenure and use.
/// 90 and more is A, 70 B, 50 C, less is D. Source: SERVICE.md, risk grade of customers.
/// </summary>
public static class RiskScoring
{
    /// <summary>Least points of grade A.</summary>
    public const int PointsA = 90;

    /// <summary>Least points of grade B.</summary>
    public const int PointsB = 70;

    /// <summary>Least points of grade C.</summary>
    public const int PointsC = 50;

    private const int ReturnsMax = 2;
    private const int TenureYearsMax = 5;

    /// <summary>Use that falls by more than this share without a vacancy is a fall.</summary>
    public const decimal FallMax = 0.5m;


    /// <summary>Total over the ranges that <see cref="RiskFacts"/> names.</summary>
    public static RiskScore Of(RiskFacts f)
    {
        RiskFactor[] factors =
        [
            Factor(RiskFactorKind.OnTimeShare, f.OnTimeShare, f.OnTimeShare, 40),
            Factor(RiskFactorKind.MeanDaysLate, f.MeanDaysLate, 1 - (f.MeanDaysLate / RiskFactsOf.MeanDaysMax), 20),
            Factor(RiskFactorKind.WorstArrears, f.WorstArrears, 1 - (f.WorstArrears / RiskFactsOf.ArrearsMax), 15),
            Factor(RiskFactorKind.KeptShare, f.KeptShare, f.KeptShare, 10),
            Factor(RiskFactorKind.ReturnedPayments, f.ReturnedPayments, 1 - ((decimal)Math.Min(f.ReturnedPayments, ReturnsMax) / ReturnsMax), 5),
            Factor(RiskFactorKind.Tenure, f.TenureYears, (decimal)Math.Min(f.TenureYears, TenureYearsMax) / TenureYearsMax, 5),
            Factor(RiskFactorKind.UseFall, f.UseFall, f.UseFall > FallMax ? 0 : 1, 5),
        ];
        var points = factors.Sum(x => x.Points);
        return new(points, f.KnockOuts.Count > 0 ? RiskGrade.D : GradeOf(points), factors, f.KnockOuts);
    }

    private static RiskGrade GradeOf(decimal points) => points switch
    {
        >= PointsA => RiskGrade.A,
        >= PointsB => RiskGrade.B,
        >= PointsC => RiskGrade.C,
        _ => RiskGrade.D,
    };

    private static RiskFactor Factor(RiskFactorKind kind, decimal? fact, decimal share, int max) =>
        new(kind, fact, decimal.Round(max * Math.Clamp(share, 0m, 1m), 2, MidpointRounding.AwayFromZero), max);
}
