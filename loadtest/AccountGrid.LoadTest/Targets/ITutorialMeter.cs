namespace AccountGrid.LoadTest.Targets;

[Alias("AccountGrid.LoadTest.ITutorialMeter")]
public interface ITutorialMeter : IGrainWithStringKey
{
    /// <summary>True if the reading is new.</summary>
    [Alias("Push")]
    Task<bool> Push(long ts, long value);
}

internal sealed class TutorialMeter([PersistentState("meter", "tutorial")] IPersistentState<TutorialMeterState> state, TutorialMode mode) : Grain,
    ITutorialMeter
{
    public async Task<bool> Push(long ts, long value)
    {
        if (ts <= state.State.Ts)
        {
            return false;
        }

        var before = state.State.Ts == 0 ? Fleet.MeterFleet.StartWh : state.State.Register;
        (state.State.Ts, state.State.Register) = (ts, value);
        if (mode.Writes)
        {
            await state.WriteStateAsync();
        }

        await GrainFactory.GetGrain<ITutorialAccount>(this.GetPrimaryKeyString().Replace('M', 'A')).Charge(value - before);
        return true;
    }
}
