"""The notebook runs from top to bottom."""

import nbclient
import nbformat


def test_every_cell_runs_on_a_small_sample(mnist_path, tmp_path, monkeypatch):
    monkeypatch.setenv("LIMIT", "300")
    monkeypatch.setenv("EPOCHS", "1")
    monkeypatch.setenv("RUN", str(tmp_path))
    monkeypatch.delenv("OTHERS", raising=False)
    notebook = nbformat.read("train/train_model.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells)  # kept without its outputs
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    printed = [
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stdout"
    ]
    assert "mnist: 300\n" in printed[0]
    assert float(printed[-1].rpartition(" ")[2]) < 0.01
    assert (tmp_path / "mnist_cnn.tflite").is_file()
