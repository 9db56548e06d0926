using System.Xml;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// A file of XML, element by element, by local names: whatever version its namespaces say. No document type, no entities of its own, nothing from outside;
/// depth and lengths are bounded.
/// </summary>
internal sealed class FileXml : IDisposable
{
    private readonly XmlReader _reader;
    private readonly char[] _text = new char[MeterFileLimits.XmlTextMax];

    private FileXml(XmlReader reader) => _reader = reader;

    /// <summary>Line of the file that is being read, from 1.</summary>
    public int Line => ((IXmlLineInfo)_reader).LineNumber;

    /// <summary>Reads a file by what is done with it. What is no right XML ends in an error with its line.</summary>
    public static void Read(MeterFileSource source, Action<FileXml> read)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = MeterFileLimits.UnpackedBytesMax,
            MaxCharactersFromEntities = 1_024,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
            CloseInput = true,
        };
        try
        {
            using var xml = new FileXml(XmlReader.Create(new TagBoundStream(source.Open(), MeterFileLimits.LineMax), settings));
            read(xml);
        }
        catch (XmlException e)
        {
            throw new MeterFileException(
                new FileError(e.LineNumber, "xml", e.Message.ReplaceLineEndings(" "), "well-formed XML without a document type"));
        }
    }

    public void Dispose() => _reader.Dispose();

    /// <summary>Goes to each element of a name, wherever it stands; within one of them no other is looked for.</summary>
    /// <param name="read">Called on the element; it reads it, or leaves it.</param>
    /// <returns>Local name of the root.</returns>
    public string ForEach(string name, Action read)
    {
        var root = "";
        while (_reader.ReadState is ReadState.Initial or ReadState.Interactive)
        {
            if (_reader.NodeType != XmlNodeType.Element)
            {
                _reader.Read();
                continue;
            }

            CheckDepth();
            root = root.Length == 0 ? _reader.LocalName : root;
            if (_reader.LocalName == name)
            {
                OrSkip(read);
            }
            else
            {
                _reader.Read();
            }
        }

        return root;
    }

    /// <summary>Goes through the children of the present element, and behind it.</summary>
    /// <param name="child">Called on each with its name; it reads the child, or leaves it.</param>
    public void Children(Action<string> child)
    {
        var depth = _reader.Depth;
        var isEmpty = _reader.IsEmptyElement;
        _reader.Read();
        while (!isEmpty && _reader.Depth > depth)
        {
            if (_reader.NodeType == XmlNodeType.Element)
            {
                CheckDepth();
                var name = _reader.LocalName;
                OrSkip(() => child(name));
            }
            else
            {
                _reader.Read();
            }
        }

        if (!isEmpty)
        {
            _reader.Read();
        }
    }

    /// <summary>An attribute of the present element; null where it has none.</summary>
    public string? Attribute(string name)
    {
        for (var isThere = _reader.MoveToFirstAttribute(); isThere; isThere = _reader.MoveToNextAttribute())
        {
            if (_reader.LocalName == name)
            {
                var value = _reader.Value;
                _reader.MoveToElement();
                return value;
            }
        }

        _reader.MoveToElement();
        return null;
    }

    /// <summary>The text of the present element, trimmed, and behind it.</summary>
    /// <param name="below">It has fewer characters.</param>
    public string Text(int below = MeterFileLimits.XmlTextMax)
    {
        var (line, name, length) = (Line, _reader.LocalName, 0);
        var depth = _reader.Depth;
        var isEmpty = _reader.IsEmptyElement;
        _reader.Read();
        while (!isEmpty && _reader.Depth > depth)
        {
            if (_reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                for (int read; (read = _reader.ReadValueChunk(_text, length, below - length)) > 0;)
                {
                    length += read;
                    if (length == below)
                    {
                        throw new MeterFileException(new FileError(line, name, new string(_text, 0, length), $"a text of less than {below} characters"));
                    }
                }
            }

            _reader.Read();
        }

        if (!isEmpty)
        {
            _reader.Read();
        }

        return _text.AsSpan(0, length).Trim().ToString();
    }

    private void OrSkip(Action read)
    {
        var info = (IXmlLineInfo)_reader;
        var at = (info.LineNumber, info.LinePosition);
        read();
        if (_reader.NodeType == XmlNodeType.Element && (info.LineNumber, info.LinePosition) == at)
        {
            Skip();
        }
    }

    private void Skip()
    {
        var depth = _reader.Depth;
        var isEmpty = _reader.IsEmptyElement;
        _reader.Read();
        while (!isEmpty && _reader.Depth > depth)
        {
            if (_reader.NodeType == XmlNodeType.Element)
            {
                CheckDepth();
            }

            _reader.Read();
        }

        if (!isEmpty)
        {
            _reader.Read();
        }
    }

    private void CheckDepth()
    {
        if (_reader.Depth >= MeterFileLimits.XmlDepthMax)
        {
            throw new MeterFileException(new FileError(Line, _reader.LocalName, $"{_reader.Depth + 1} levels deep",
                $"at most {MeterFileLimits.XmlDepthMax} levels deep"));
        }
    }
}
