namespace AccountGrid.Domain.Policies;

/// <param name="PerDayBasisPoints">Per day of this year's arrears, hundredths of a percent.</param>
/// <param name="CarriedPerDayBasisPoints">Per day of arrears carried over a year's end.</param>
/// <param name="Minimum">Least fee on an item that is late at all; in the currency's digits.</param>
/// <param name="DuringPlan">Whether a day at whose end a payment plan is kept bears a fee.</param>
/// <param name="DuringPromise">Whether a day at whose end a promise to pay is open bears one.</param>
/// <param name="DuringDispute">Whether a day at whose end a dispute is undecided bears one.</param>
public sealed record LateFeePolicy(int PerDayBasisPoints, int CarriedPerDayBasisPoints, string Minimum, bool DuringPlan = false, bool DuringPromise = false,
    bool DuringDispute = false);
