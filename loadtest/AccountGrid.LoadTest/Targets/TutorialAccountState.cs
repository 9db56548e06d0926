namespace AccountGrid.LoadTest.Targets;

[GenerateSerializer]
[Alias("AccountGrid.LoadTest.TutorialAccountState")]
public sealed class TutorialAccountState
{
    [Id(0)] public long BalanceNano { get; set; }
}
