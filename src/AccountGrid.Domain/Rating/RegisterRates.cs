using System.Collections.Concurrent;

namespace AccountGrid.Domain.Rating;

/// <summary>Which rate of a tariff the energy of each rate register is charged at, with the plans of its days.</summary>
internal sealed class RegisterRates
{
    private readonly int?[] _rates = new int?[RegisterCodes.RatesMax];
    private readonly ConcurrentDictionary<(RegisterKind Register, int Day), DayPlan> _plans = new();

    /// <param name="definition">One that <see cref="TariffCompiler"/> accepted.</param>
    public RegisterRates(TariffDefinition definition)
    {
        foreach (var (code, rate) in definition.Registers)
        {
            _rates[RegisterCodes.RateOf(code)!.Value - RegisterKind.ImportRate1] = definition.Rates.ToList().FindIndex(r => r.Name == rate);
        }
    }

    public int? RateOf(RegisterKind register) => RegisterCodes.IsRate(register) ? _rates[register - RegisterKind.ImportRate1] : null;

    /// <summary>A day of one rate: the register has said already when the energy was used.</summary>
    /// <param name="plan">The day as the schedule has it.</param>
    public DayPlan PlanOf(RegisterKind register, DayPlan plan) =>
        _plans.TryGetValue((register, plan.Day), out var known) ? known
        : _plans.GetOrAdd((register, plan.Day), plan.WithRate(_rates[register - RegisterKind.ImportRate1]!.Value));
}
