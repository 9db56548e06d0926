using AccountGrid.LoadTest.Measures;

namespace AccountGrid.LoadTest.Reports;

/// <summary>Shows how a run goes on.</summary>
public interface IProgressDisplay
{
    void Say(string line);

    void Step(string what, int done, int of);

    void Show(SecondSample sample);
}
