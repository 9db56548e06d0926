namespace AccountGrid.Domain.Rating;

/// <summary>The tariffs of an account as a rate register is charged by them: at the rate that each day's tariff maps it to, else by its schedule.</summary>
internal sealed class RegisterTariffs(ITariffByDay account, RegisterKind register) : ITariffByDay
{
    public Tariff TariffOf(int day) => account.TariffOf(day);

    public DayPlan PlanAt(long ms)
    {
        var plan = account.PlanAt(ms);
        return account.TariffOf(plan.Day).PlanOf(plan.Day, register) ?? plan;
    }
}
