using Microsoft.AspNetCore.Components;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>What all components of the console have. They show what they are given and ask for nothing.</summary>
public abstract class ConsoleComponent : ComponentBase
{
    [Parameter, EditorRequired]
    public ConsolePage Page { get; set; } = null!;

    protected ConsoleTexts T => Page.T;
}
