namespace AccountGrid.Cluster.Tests;

/// <summary>A folder for one test's grid, gone with it.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"ag-{Guid.NewGuid():N}"[..18]);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
