using AccountGrid.Host.Http;

namespace AccountGrid.Host.Metering;

/// <param name="RegisterWh">1.8.0, Wh, at <paramref name="At"/>.</param>
/// <param name="RateRegisters">The rate registers that the meter is charged by; absent where it is charged by 1.8.0.</param>
/// <param name="Warnings">Of the answer to an installation or exchange: what was not given and how it is taken.</param>
/// <param name="Export">Its 2.8.0, of a meter that measures export; absent for one that does not.</param>
/// <param name="Ratio">Ratio of its transformers: energy of the supply by what the register counts; absent where there are none.</param>
/// <param name="Facts">What has been another since it was installed, in the order of time; absent where nothing has.</param>
/// <param name="Reactive">Its 3.8.0, varh, of a meter that measures reactive energy; absent for one that does not.</param>
public sealed record MeterAnswer(
    string Id, string Gateway, string? Account, DateTimeOffset Since, DateTimeOffset? Until, long RegisterWh, DateTimeOffset At, long ChargedWh, long HeldWh,
    long CapacityW, long RegisterWidthWh, int IntervalSeconds,
    IReadOnlyList<Warning>? Warnings = null, IReadOnlyList<RegisterAnswer>? RateRegisters = null,
    ExportRegisterAnswer? Export = null, ReactiveRegisterAnswer? Reactive = null, string? Ratio = null,
    IReadOnlyList<MeterFactAnswer>? Facts = null);
