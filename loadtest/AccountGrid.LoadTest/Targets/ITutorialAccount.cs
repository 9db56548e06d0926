namespace AccountGrid.LoadTest.Targets;

[Alias("AccountGrid.LoadTest.ITutorialAccount")]
public interface ITutorialAccount : IGrainWithStringKey
{
    [Alias("Charge")]
    Task Charge(long wh);
}

internal sealed class TutorialAccount([PersistentState("account", "tutorial")] IPersistentState<TutorialAccountState> state, TutorialMode mode) : Grain,
    ITutorialAccount
{
    private const long NanoPerWh = 500_000;

    public async Task Charge(long wh)
    {
        state.State.BalanceNano -= wh * NanoPerWh;
        if (mode.Writes)
        {
            await state.WriteStateAsync();
        }
    }
}
