namespace AccountGrid.Domain.Customers;

/// <summary>The factors of a risk score, in the order in which they are shown.</summary>
public enum RiskFactorKind : byte
{
    OnTimeShare = 1,
    MeanDaysLate = 2,
    WorstArrears = 3,
    KeptShare = 4,
    ReturnedPayments = 5,
    Tenure = 6,
    UseFall = 7,
}
