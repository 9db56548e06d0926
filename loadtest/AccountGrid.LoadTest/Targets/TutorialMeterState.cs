namespace AccountGrid.LoadTest.Targets;

[GenerateSerializer]
[Alias("AccountGrid.LoadTest.TutorialMeterState")]
public sealed class TutorialMeterState
{
    [Id(0)] public long Ts { get; set; }

    [Id(1)] public long Register { get; set; }
}
