using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Commands;

/// <summary>What a silent meter shows at an instant behind its last value, by a method. The value is in it, so that a replay decides the same.</summary>
/// <param name="AtMs">UTC ms.</param>
/// <param name="ValueWh">1.8.0 by the method.</param>
/// <param name="DecidedBy">Who asked for it.</param>
public sealed record EstimateReading(int Account, int Meter, long AtMs, long ValueWh, EstimateMethod Method, string Reason, string DecidedBy)
    : AccountCommand(Account);
