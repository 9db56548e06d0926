namespace AccountGrid.Domain.Policies;

/// <param name="WithinMinutes">From the payment to the confirmed relay.</param>
/// <param name="Compensation">Credit where that time is missed; 0 is none.</param>
/// <param name="OrderedHoldHours">How long a restore or call-off that a person ordered holds where no date is given, hours, 1 to 2,160 (90 days).</param>
public sealed record RestorePolicy(int WithinMinutes, string Compensation, int OrderedHoldHours);
