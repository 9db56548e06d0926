namespace AccountGrid.Host.MeterFiles;

/// <summary>What is wrong with a file or a part of it: the first errors, and how many there are.</summary>
public sealed class FileErrors
{
    private readonly List<FileError> _first = [];

    /// <summary>The first <see cref="MeterFileLimits.ErrorsMax"/> of them.</summary>
    public IReadOnlyList<FileError> First => _first;

    /// <summary>All of them.</summary>
    public int Count { get; private set; }

    public void Add(FileError error)
    {
        Count++;
        if (_first.Count < MeterFileLimits.ErrorsMax)
        {
            _first.Add(error);
        }
    }

    public void Add(FileErrors errors)
    {
        var unlisted = errors.Count - errors._first.Count;
        errors._first.ForEach(Add);
        Count += unlisted;
    }
}
